import { testScenarios } from './crash-test.ts';
import { folderStores } from './folder-stores.ts';
import { SELECTION } from './scenarios.ts';

testScenarios(folderStores, SELECTION);
