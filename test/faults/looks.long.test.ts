import { testFaults } from './suite.ts';

testFaults('look', 'verification');
