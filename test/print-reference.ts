import { writeFileSync } from 'node:fs';
import { referenceDocument } from './interface/reference.ts';

writeFileSync('docs/reference.md', await referenceDocument());
