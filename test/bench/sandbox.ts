/** A process of its own: the five simulated vendors, which hold what they are told to hold until it is deleted. */
import { launchSandbox } from '../../src/commands/launch-sandbox.ts';
import { crowd } from './crowd.ts';

const { vendors } = await launchSandbox(0, crowd(Number(process.argv[2])));
process.send!(Object.fromEntries(Object.entries(vendors).map(([name, { url }]) => [name, url])));
process.once('disconnect', () => process.exit());
