import { testScenarios } from './crash-test.ts';
import { folderStores } from './folder-stores.ts';
import { anywhere, EVERYTHING } from './scenarios.ts';

testScenarios(folderStores, [...EVERYTHING, ...anywhere(20)]);
