import { signatures } from './signatures';
import { forms } from './signatures-material';
import { mutations } from './signatures-mutations';
import { routes } from './signatures-routes';
import { keep, patience, scale, seed } from './tier';

const options = {
  ...scale({ forgeries: 3000, sent: 150, sound: 3 }, { forgeries: 100_000, sent: 3000, sound: 100 }),
  seed,
};

it(
  `no signed request that was changed is believed, by the check or over HTTP, and every sound one is (TRAMA_TEST_SEED=${seed})`,
  async () => {
    const facts = await signatures(options);
    await keep('signatures', facts);
    const { forgeries, sent, sound } = options;
    const asked = (routes.length + 1) * Object.keys(forms).length * sound;
    expect(facts).toMatchObject({
      ...{ forgeries, sent: sent * routes.length, forged: 0, sound: asked, soundAccepted: asked },
      ...{ kinds: Object.keys(mutations).length, violations: [] },
    });
  },
  patience,
);
