/** Random tests start from one seed: the same in each `npm test`, so that it does not fail by chance; another in each `npm run test:long`. */
import fc from 'fast-check';

fc.configureGlobal({ seed: Number(process.env.SWITCHYARD_SEED ?? 20261124) });
