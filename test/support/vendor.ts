import { onelogin } from '../../src/sandbox/onelogin.ts';
import { particle } from '../../src/sandbox/particle.ts';
import { people, type Person } from '../../src/sandbox/people.ts';
import { startVendor } from '../../src/sandbox/vendor.ts';
import { vpn } from '../../src/sandbox/vpn.ts';
import type { VendorOrder } from './vendor-process.ts';

/** A vendor in a process of its own, whose ledger says when requests arrived and not when a busy test read them. */
const { name, count, twinsEvery = 0 } = JSON.parse(process.argv[2]!) as VendorOrder;

const twin = (person: Person, i: number, all: Person[]): Person =>
  twinsEvery > 0 && person.number % twinsEvery === 0 ? { ...person, email: all[i - 1]!.email } : person;

const population = people(count).map(twin);
const start = {
  onelogin: () => startVendor(onelogin(population)),
  particle: () => startVendor(particle(population)),
  vpn: () => startVendor(vpn(population)),
};
const vendor = await start[name]();
process.stdin.resume().once('end', () => process.exit());
console.log(vendor.url);
