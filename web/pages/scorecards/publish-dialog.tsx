import { useEffect, useState } from 'react'
import { scorecardEffect } from '../../../server/engage/alerts/contract/rules.ts'
import type { RouteReply } from '../../../server/platform/http/contract.ts'
import { publishScorecard, updateScorecard } from '../../../server/signals/scorecards/contract/cards.ts'
import type { ScorecardDefinition } from '../../../server/signals/scorecards/contract/definition.ts'
import { call } from '../../api/client.ts'
import { useCommand } from '../../api/hooks.ts'
import { useLocale, useText } from '../../i18n/provider.tsx'
import { Dialog } from '../../kit/dialog.tsx'
import { Field, Textarea } from '../../kit/field.tsx'
import { Form } from '../../kit/form.tsx'
import { Note } from '../../kit/note.tsx'
import { SkeletonText } from '../../kit/skeleton.tsx'
import { toastDone } from '../../kit/toast.tsx'
import { usePreview } from './preview.ts'
import type { Scorecard } from './scorecard.ts'

interface PublishDialogProps {
  card: Scorecard
  definition: ScorecardDefinition
  onClose: () => void
  onDone: () => void
}

/** The last step: who moves if this counts, and a word on why it was changed. */
export function PublishDialog({ card, definition, onClose, onDone }: PublishDialogProps) {
  const t = useText()
  const stale = ['/api/v1/health', '/api/v1/customers', '/api/v1/customer-success/customers']
  const update = useCommand(updateScorecard, { quiet: true, stale: [] })
  const publish = useCommand(publishScorecard, { quiet: true, stale })
  const { preview, fault } = usePreview(card.id, definition, '', false)
  const alerts = useAlertEffect(card.id, definition)
  const { locale } = useLocale()
  const moving = preview?.moves.reduce((sum, move) => sum + move.customers, 0) ?? 0
  const crossing = (below: number) => preview?.thresholds.find(each => each.below === below)?.falling ?? 0
  const params = { id: card.id }
  return (
    <Dialog open onClose={onClose} title={t('scorecards.publishTitle')} text={t('scorecards.publishText')}>
      <Form
        submit={preview ? t('scorecards.publishCount', { count: preview.customers }) : t('scorecards.publish')}
        onCancel={onClose}
        onSubmit={async values => {
          await update.run({ params, body: { draft: definition } })
          await publish.run({ params, body: { note: values.text('note') || null } })
          toastDone(t('scorecards.publishDone'))
          onDone()
        }}
      >
        {fault ? (
          <Note tone="red">{fault}</Note>
        ) : preview ? (
          <Note tone={moving > 0 ? 'orange' : 'info'}>
            {t('scorecards.publishMoves', {
              moving,
              customers: preview.customers,
              below60: crossing(60),
              below40: crossing(40),
            })}
          </Note>
        ) : (
          <SkeletonText width="60%" />
        )}
        {alerts && alerts.length > 0 && (
          <Note tone="orange">
            {t('scorecards.publishAlerts')}
            <ul>
              {alerts.map(({ key, name, opened, closed }) => (
                <li key={key}>{t('scorecards.publishAlert', { name: name[locale], opened, closed })}</li>
              ))}
            </ul>
          </Note>
        )}
        <Field label={t('scorecards.publishNote')} name="note" hint={t('scorecards.publishNoteHint')}>
          <Textarea maxLength={500} rows={2} />
        </Field>
      </Form>
    </Dialog>
  )
}

/** Which alerts would open and close; undefined while that is worked out, and where it cannot be. */
function useAlertEffect(id: string, definition: ScorecardDefinition) {
  const [alerts, setAlerts] = useState<RouteReply<typeof scorecardEffect>['items']>()
  useEffect(() => {
    let current = true
    // The preview above says what is wrong with a definition.
    call(scorecardEffect, { params: { id }, body: { definition } }).then(
      reply => current && setAlerts(reply.items),
      () => {},
    )
    return () => {
      current = false
    }
  }, [id, definition])
  return alerts
}
