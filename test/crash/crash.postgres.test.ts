import { testScenarios } from './crash-test.ts';
import { databaseStores } from './database-stores.ts';
import { EVERYTHING, TAKEN_OVER } from './scenarios.ts';

testScenarios(databaseStores, [...TAKEN_OVER, ...EVERYTHING]);
