import { EngagelabAccount } from './engagelab.ts';
import { LearnAccount } from './learn.ts';
import { OneloginAccount } from './onelogin.ts';
import { ParticleAccount } from './particle.ts';
import { VpnAccount } from './vpn.ts';

/** The GraphQL type of each provider's accounts. A new provider is a line here. */
export const accountTypes = {
  PARTICLE: ParticleAccount,
  ENGAGELAB: EngagelabAccount,
  LEARN: LearnAccount,
  VPN: VpnAccount,
  ONELOGIN: OneloginAccount,
};
