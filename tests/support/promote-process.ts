/** Promotes versions of a churn model in turn until it is killed: `node promote-process.ts <app url> <tenant> <id> <id>`. */
import { reactions, vocabulary } from '../../server/modules.ts'
import { tenantIdOf } from '../../server/platform/context/context.ts'
import { createPool } from '../../server/platform/db/pool.ts'
import { keyringOf } from '../../server/platform/secrets/keyring.ts'
import { inTenant } from '../../server/platform/tenancy/transaction.ts'
import { promoteModel } from '../../server/signals/churn/commands/models.ts'
import { testRootKey } from './root-key.ts'

const [url = '', tenant = '', ...ids] = process.argv.slice(2)
const installation = {
  pool: createPool(url, 2),
  keyring: keyringOf([{ id: 'test', bytes: testRootKey }]),
  reactions,
  vocabulary,
  address: 'http://kizuna.test',
  smtp: undefined,
}
const actor = { kind: 'system', id: undefined, name: 'test' } as const
process.send?.('ready')
process.on('disconnect', () => process.exit())
for (let turn = 0; ; turn++) {
  const origin = { requestId: 'promote', network: undefined, locale: 'ja', now: new Date() } as const
  await inTenant(installation, origin, tenantIdOf(tenant), actor, ctx =>
    promoteModel(ctx, ids[turn % ids.length]!, undefined),
  )
}
