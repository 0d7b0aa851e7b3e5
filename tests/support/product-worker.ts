/** A worker of the product in a process of its own, for tests that kill it: `node product-worker.ts <app url> [smtp url]`. */
import { pino } from 'pino'
import { jobDefinitions, reactions, vocabulary } from '../../server/modules.ts'
import { createPool } from '../../server/platform/db/pool.ts'
import { keyringOf } from '../../server/platform/secrets/keyring.ts'
import { startRunner } from '../../server/platform/work/runner.ts'
import { testRootKey } from './root-key.ts'

const smtp = process.argv[3]
const installation = {
  pool: createPool(process.argv[2] ?? '', 8),
  keyring: keyringOf([{ id: 'test', bytes: testRootKey }]),
  reactions,
  vocabulary,
  address: 'http://kizuna.test',
  smtp: smtp === undefined ? undefined : { url: smtp, from: { name: 'Kizuna', address: 'no-reply@kizuna.test' } },
}
startRunner({ installation, definitions: jobDefinitions, workers: 2, log: pino({ level: 'silent' }) })
process.send?.('ready')
process.on('disconnect', () => process.exit())
