import './audit.ts';
import { builder } from './builder.ts';
import './customer-errors.ts';
import './customer-token.ts';
import './customer.ts';
import './delete-customer.ts';
import './erasure.ts';
import './errors.ts';
import './export-customer.ts';
import './hold.ts';
import './import-customers.ts';
import './integration.ts';
import './link.ts';
import './pause.ts';
import './plan.ts';
import './progress.ts';
import './register-customer.ts';
import './traffic.ts';
import './viewer-can.ts';
import './viewer.ts';

/** What clients see, without the rules on who sees it. */
export const schema = builder.toSchema();
