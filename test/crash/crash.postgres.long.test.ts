import { testScenarios } from './crash-test.ts';
import { databaseStores } from './database-stores.ts';
import { EVERYTHING } from './scenarios.ts';

testScenarios(databaseStores, EVERYTHING);
