import { everyCombination } from './combinations.ts';
import { testMatrix } from './matrix.ts';

testMatrix(everyCombination, true, 7_200_000);
