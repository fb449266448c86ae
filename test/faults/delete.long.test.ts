import { testFaults } from './suite.ts';

testFaults('delete');
