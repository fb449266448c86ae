import { testTiming } from './timing.ts';

const SOME = new Set(['customer', 'customerByEmail', 'erasure', 'bulk', 'exportCustomer']);

testTiming(({ field }) => SOME.has(field), 300, 120_000);
