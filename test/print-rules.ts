import { writeFileSync } from 'node:fs';
import { rulesDocument } from './access/rules-table.ts';

writeFileSync('docs/security-rules.md', await rulesDocument());
