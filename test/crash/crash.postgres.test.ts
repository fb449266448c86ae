import { testScenarios } from './crash-test.ts';
import { databaseStores } from './database-stores.ts';
import { SELECTION, TAKEN_OVER } from './scenarios.ts';

testScenarios(databaseStores, [...SELECTION, ...TAKEN_OVER]);
