import { people } from '../../src/sandbox/people.ts';
import { startVendor } from '../../src/sandbox/vendor.ts';
import { vpn } from '../../src/sandbox/vpn.ts';

/** A vendor in a process of its own, whose ledger says when requests arrived and not when a busy test read them. */
const vendor = await startVendor(vpn(people(Number(process.argv[2]))));
process.stdin.resume().once('end', () => process.exit());
console.log(vendor.url);
