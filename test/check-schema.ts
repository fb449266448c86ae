import { checkSchema } from './interface/schema-check.ts';

const { passed, lines } = checkSchema('.');
console.log(lines.join('\n'));
process.exitCode = passed ? 0 : 1;
