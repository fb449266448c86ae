import { testScenarios } from './crash-test.ts';
import { databaseStores } from './database-stores.ts';
import { anywhere, EVERYTHING } from './scenarios.ts';

testScenarios(databaseStores, [...EVERYTHING, ...anywhere(3)]);
