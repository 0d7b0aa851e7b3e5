/** A worker in a process of its own that runs `effectJob`s, for tests that kill it: `node worker-process.ts <app url>`. */
import { pino } from 'pino'
import { createPool } from '../../server/platform/db/pool.ts'
import { keyringOf } from '../../server/platform/secrets/keyring.ts'
import { startRunner } from '../../server/platform/work/runner.ts'
import { effectJob } from './effects.ts'
import { testRootKey } from './root-key.ts'

const installation = {
  pool: createPool(process.argv[2] ?? '', 8),
  keyring: keyringOf([{ id: 'test', bytes: testRootKey }]),
  reactions: new Map(),
  vocabulary: [],
  address: 'http://kizuna.test',
  smtp: undefined,
}
startRunner({ installation, definitions: [effectJob()], workers: 4, log: pino({ level: 'silent' }) })
process.send?.('ready')
process.on('disconnect', () => process.exit())
