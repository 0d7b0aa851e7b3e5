/**
 * A campaign of 5,000 recipients against a server that greylists, refuses, is slow and cuts connections, sent by two workers
 * that are killed 50 times (every fifth time both), while it is paused and resumed. `node tests/faults/mail-campaign.ts 500 10`
 * does it with other numbers. Ends with exit code 1 when a server had a message twice or states do not sum to the audience.
 */
import { reactions, vocabulary } from '../../server/modules.ts'
import { applicationUrl, createPool } from '../../server/platform/db/pool.ts'
import { keyringOf } from '../../server/platform/secrets/keyring.ts'
import { mailStorm } from '../support/mail-storm.ts'
import { startTestPostgres } from '../support/postgres.ts'
import { testRootKey } from '../support/root-key.ts'

const [recipients, kills] = [Number(process.argv[2] ?? 5_000), Number(process.argv[3] ?? 50)]
const postgres = await startTestPostgres()
const appUrl = applicationUrl(postgres.url, testRootKey)
const installation = {
  pool: createPool(appUrl, 8),
  keyring: keyringOf([{ id: 'test', bytes: testRootKey }]),
  reactions,
  vocabulary,
  address: 'http://kizuna.test',
  smtp: undefined,
}
try {
  const { states, ...result } = await mailStorm({ installation, appUrl, recipients, kills })
  const sum = Object.values(states).reduce((total, count) => total + count, 0)
  console.table([{ ...result, ...states, sum }])
  console.log(JSON.stringify({ ...result, states, sum }))
  const isWell =
    result.serverHadTwice === 0 &&
    result.acceptedUnknown === 0 &&
    sum === recipients &&
    !states.pending &&
    !states.sending &&
    (states.uncertain ?? 0) <= result.uncertainAtMost
  if (!isWell) process.exitCode = 1
} finally {
  await installation.pool.end()
  await postgres.end()
}
