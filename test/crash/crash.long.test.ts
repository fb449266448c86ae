import { testScenarios } from './crash-test.ts';
import { folderStores } from './folder-stores.ts';
import { EVERYTHING } from './scenarios.ts';

testScenarios(folderStores, EVERYTHING);
