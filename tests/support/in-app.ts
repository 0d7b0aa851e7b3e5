import { createInAppMessage } from '../../server/engage/in-app/contract/messages.ts'
import type { TestCompany } from './factories.ts'

/** Targets of the routes of messages inside the product, for the matrix of permissions. */
export async function inAppTargets({ admin }: TestCompany, source: string, missing: string) {
  const document = { kind: 'banner' as const, content: { ja: { title: 'お知らせ' } } }
  const foreign = (await admin.call(createInAppMessage, { body: { name: 'お知らせ', document } })).body.id
  return {
    getInAppMessage: { foreign, missing },
    updateInAppMessage: { foreign, missing, body: { name: '別' } },
    deleteInAppMessage: { foreign, missing },
    changeInAppSource: { foreign: source, missing, body: { mode: 'off' } },
    revealInAppSecret: { foreign: source, missing, body: {} },
  }
}
