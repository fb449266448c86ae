import type { ParticleDevice, ParticleFacts } from '../../providers/particle.ts';
import { builder } from '../builder.ts';
import { AccountInterface, detail, type HeldAccount } from './account.ts';

const DeviceType = builder.objectRef<ParticleDevice>('ParticleDevice').implement({
  description: 'A device that a Particle customer has claimed.',
  fields: (t) => ({
    id: t.exposeID('id', {
      description: 'Device id, 24 hexadecimal digits (docs.particle.io, Device Cloud API).',
    }),
    online: t.exposeBoolean('online', {
      description: 'Whether the device is connected to the Particle cloud, as far as that knows.',
    }),
  }),
});

export const ParticleAccount = builder.objectRef<HeldAccount<ParticleFacts>>('ParticleAccount').implement({
  description:
    'A customer of a Particle product. The external id is the e-mail address or other name it was created with.',
  interfaces: [AccountInterface],
  fields: (t) => ({
    devices: t.field({
      type: [DeviceType],
      nullable: true,
      description:
        'Devices that the customer has claimed. Read by calls of its own; null when those failed, with an error beside it.',
      resolve: (held, _args, context) => detail<ParticleDevice[]>(context, held, 'devices'),
    }),
  }),
});
