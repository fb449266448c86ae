import './approval.ts';
import './audit-tree.ts';
import './audit.ts';
import { builder } from './builder.ts';
import './customer-errors.ts';
import './customer-token.ts';
import './customer.ts';
import './delete-customer.ts';
import './erasure.ts';
import './errors.ts';
import './hold.ts';
import './import-customers.ts';
import './integration.ts';
import './link.ts';
import './pause.ts';
import './plan.ts';
import './progress.ts';
import './receipt.ts';
import './register-customer.ts';
import './resolve-task.ts';
import './reappearance.ts';
import './register-customer.ts';
import './resolve-reappearance.ts';
import './traffic.ts';
import './viewer.ts';
import './webhook.ts';

/** What clients see, without the rules on who sees it. */
export const schema = builder.toSchema();
