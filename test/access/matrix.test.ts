import { someCombinations } from './combinations.ts';
import { testMatrix } from './matrix.ts';

testMatrix(someCombinations, false, 240_000);
