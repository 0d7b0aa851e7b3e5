import { contactActions } from '../../../server/engage/lifecycle-actions/contract.ts'
import { contactLifecycle } from '../../../server/signals/lifecycle/contract/leads.ts'
import { listStages } from '../../../server/signals/lifecycle/contract/stages.ts'
import { useRoute } from '../../api/hooks.ts'
import { nameOf } from '../../i18n/name-of.ts'
import { useFormat, useLocale, useText } from '../../i18n/provider.tsx'
import { Section } from '../../kit/layout.tsx'
import { ActionLog } from './action-log.tsx'
import { MoveWay, useMoveReason, useMover } from './move-line.tsx'
import './lifecycle.css'
import { MoveMenu, useMayMove } from './move-menu.tsx'
import type { Stage } from './stages.ts'

/** Where a contact stands on its way to becoming a customer, and how it came there; nothing where there are no stages. */
export function ContactLifecycle({ contact }: { contact: { id: string; name: string; customerId: string | null } }) {
  const t = useText()
  const format = useFormat()
  const mayMove = useMayMove()
  const stages = useRoute(listStages).data?.items
  const { data } = useRoute(contactLifecycle, { params: { id: contact.id } })
  if (!stages || stages.length === 0 || !data) return null
  return (
    <Section
      title={t('lifecycle.contact.title')}
      end={mayMove(contact) && <MoveMenu contact={contact} stages={stages} stageId={data.stageId} wide />}
    >
      <div className="grid grid-cols-1 gap-4">
        <Path stages={stages} stageId={data.stageId} />
        <p className="text-t3">
          {data.since
            ? t('lifecycle.contact.since', { when: format.dateTime(data.since) })
            : data.lifecycleStage
              ? t('lifecycle.contact.other', { stage: data.lifecycleStage })
              : t('lifecycle.contact.noStage')}
        </p>
        <History contactId={contact.id} />
      </div>
    </Section>
  )
}

function Path({ stages, stageId }: { stages: readonly Stage[]; stageId: string | null }) {
  const t = useText()
  const { locale } = useLocale()
  const here = stages.find(({ id }) => id === stageId)
  const shown = stages.filter(stage => stage.kind !== 'lost' || stage.id === stageId)
  return (
    <ol className="y-path" aria-label={t('lifecycle.contact.path')}>
      {shown.map(stage => {
        const isHere = stage.id === stageId
        const isPassed = here !== undefined && here.kind !== 'lost' && stage.position < here.position
        return (
          <li
            key={stage.id}
            data-state={isHere ? (stage.kind === 'lost' ? 'lost' : 'here') : isPassed ? 'passed' : undefined}
            aria-current={isHere ? 'step' : undefined}
          >
            {nameOf(stage, locale)}
            {(isHere || isPassed) && (
              <span className="k-hidden">（{t(isHere ? 'lifecycle.contact.here' : 'lifecycle.contact.passed')}）</span>
            )}
          </li>
        )
      })}
    </ol>
  )
}

function History({ contactId }: { contactId: string }) {
  const t = useText()
  const format = useFormat()
  const moverOf = useMover()
  const reasonOf = useMoveReason()
  const moves = useRoute(contactLifecycle, { params: { id: contactId } }).data?.moves ?? []
  const actions = useRoute(contactActions, { params: { id: contactId } }).data?.items ?? []
  if (moves.length === 0) return <p className="text-t3">{t('lifecycle.contact.noHistory')}</p>
  return (
    <ul className="y-history" aria-label={t('lifecycle.contact.history')}>
      {moves.map(move => (
        <li key={move.id}>
          <MoveWay move={move} />
          <small>
            <time dateTime={move.at}>{format.dateTime(move.at)}</time> · {moverOf(move)}
          </small>
          {reasonOf(move) && <small>{reasonOf(move)}</small>}
          {!move.acts && <small>{t('lifecycle.actionsHeld')}</small>}
          <ActionLog actions={actions.filter(({ moveId }) => moveId === move.id)} />
        </li>
      ))}
    </ul>
  )
}
