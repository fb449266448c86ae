import { testTiming } from './timing.ts';

testTiming(() => true, 2_000, 600_000);
