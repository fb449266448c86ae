import type { Profile } from '../profile.ts';
import { engagelab } from './engagelab.ts';
import { learn } from './learn.ts';
import { onelogin } from './onelogin.ts';
import { particle } from './particle.ts';
import { vpn } from './vpn.ts';

/** Every provider on the bench. A new one is a line here. */
export const profiles: readonly Profile[] = [particle, engagelab, learn, vpn, onelogin];
