/**
 * `npm run test:faults`: kills server, worker and database at random while sign-ups, invitations and jobs run, and
 * counts what was lost or done twice. Ends with exit code 1 when anything was, or when it was not healthy again within
 * 30 s without a person. Takes about three minutes; `node tests/faults/run.ts 50` kills 50 times.
 */

import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { type Acknowledged, client } from './load.ts'
import type { Victim } from './processes.ts'
import { startProduct } from './product.ts'
import { judge } from './verdict.ts'

const kills = Number(process.argv[2] ?? 36)
const victims: Victim[] = ['server', 'worker', 'database', 'server', 'worker', 'database session']
const product = await startProduct()
const recoveries: { victim: Victim; seconds: number }[] = []
const acknowledged: Acknowledged[] = []
try {
  await product.healthy(60)
  const authorization = await product.authorization()
  let stop = false
  const kinds: Acknowledged['kind'][] = ['sign-up', 'invitation', 'team', 'sign-up', 'invitation', 'team']
  const clients = Promise.all(kinds.map(kind => client(kind, product.port, authorization, acknowledged, () => stop)))
  // A client that sees a wrong answer ends the run.
  clients.catch(() => {})
  for (let count = 0; count < kills; count++) {
    await Promise.race([delay(500 + Math.random() * 2_000), clients])
    await killOne(victims[count % victims.length]!)
  }
  stop = true
  await clients
  const verdict = await judge(product.ownerUrl(), join(product.dataDir, 'keys'), acknowledged)
  const seconds = recoveries.map(recovery => recovery.seconds).sort((a, b) => a - b)
  const result = {
    kills: recoveries.length,
    acknowledged: acknowledged.length,
    ...verdict,
    recoverySeconds: { median: seconds[seconds.length >> 1], longest: seconds.at(-1) },
  }
  console.log(JSON.stringify(result))
  if (verdict.lost + verdict.doubled > 0 || !verdict.auditIntact || (seconds.at(-1) ?? 0) > 30) process.exitCode = 1
} finally {
  await product.end()
}

/** Kills one process and notes how long it took until all was healthy again. */
async function killOne(victim: Victim): Promise<void> {
  recoveries.push({ victim, seconds: await product.kill(victim) })
  console.log(
    `${recoveries.length}/${kills} killed ${victim}, healthy after ${recoveries.at(-1)!.seconds} s, ${acknowledged.length} acknowledged`,
  )
}
