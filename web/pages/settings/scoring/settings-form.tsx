import { useState } from 'react'
import type { RouteReply } from '../../../../server/platform/http/contract.ts'
import type { ColleagueChoice } from '../../../../server/platform/identity/contract/colleague.ts'
import {
  getScoringSettings,
  putScoringSettings,
  type ScoringSettings,
} from '../../../../server/signals/scoring/contract/rules.ts'
import { useCommand, useRoute, wordsOf } from '../../../api/hooks.ts'
import { ConditionBuilder } from '../../../features/conditions/builder.tsx'
import { useText } from '../../../i18n/provider.tsx'
import { Field, RadioGroup, TextInput } from '../../../kit/field.tsx'
import { Form } from '../../../kit/form.tsx'
import { Pairs } from '../../../kit/layout.tsx'
import { Note } from '../../../kit/note.tsx'
import { SkeletonRows } from '../../../kit/skeleton.tsx'
import { toastDone } from '../../../kit/toast.tsx'
import { Channels } from '../alert-rules/channels.tsx'
import { Recipients } from '../alert-rules/recipients.tsx'
import { Simulation } from './simulation.tsx'
import { stale } from './stale.ts'

type Settings = RouteReply<typeof getScoringSettings>

/** Caps, the threshold, who is a lead, and who is told. */
export function ScoringSettingsForm({ mayManage }: { mayManage: boolean }) {
  const t = useText()
  const { data, error } = useRoute(getScoringSettings)
  if (error) return <Note tone="red">{wordsOf(error, t)}</Note>
  if (!data) return <SkeletonRows rows={4} />
  if (mayManage) return <Fields key={JSON.stringify(data)} settings={data} />
  return (
    <Pairs
      align="start"
      pairs={[
        [t('leads.hotAt'), data.hotAt],
        [t('leads.fitCap'), data.fitCap],
        [t('leads.engagementCap'), data.engagementCap],
        [t('leads.lead'), t(data.lead ? 'leads.lead.condition' : 'leads.lead.without')],
      ]}
    />
  )
}

/** The recipients that leads can have: nobody looks after them yet. */
function people(recipients: readonly { kind: string }[]): ColleagueChoice[] {
  return recipients.filter(
    (each): each is ColleagueChoice => each.kind === 'member' || each.kind === 'role' || each.kind === 'team',
  )
}

const numbers = ['hotAt', 'fitCap', 'engagementCap'] as const

function useNumberWords(): Record<(typeof numbers)[number], string> {
  const t = useText()
  return { hotAt: t('leads.hotAt'), fitCap: t('leads.fitCap'), engagementCap: t('leads.engagementCap') }
}

function Fields({ settings: { scoredAt: _, fault, ...settings } }: { settings: Settings }) {
  const t = useText()
  const words = useNumberWords()
  const [wish, setWish] = useState<ScoringSettings>(settings)
  const put = useCommand(putScoringSettings, { quiet: true, stale })
  const set = (part: Partial<ScoringSettings>) => setWish(before => ({ ...before, ...part }))
  const counts = (['lead', ...numbers] as const).some(
    name => JSON.stringify(wish[name]) !== JSON.stringify(settings[name]),
  )
  return (
    <Form
      submit={t('leads.saveSettings')}
      onSubmit={async () => {
        await put.run({ body: wish })
        toastDone(t('leads.saved'))
      }}
    >
      <div className="o-form">
        <div className="o-fields">
          {fault && <Note tone="red">{t('leads.leadFault', { fault })}</Note>}
          <div className="o-line">
            {numbers.map(name => (
              <Field key={name} label={words[name]} name={name} required>
                <TextInput
                  type="number"
                  min={1}
                  max={100}
                  step={1}
                  defaultValue={wish[name]}
                  onChange={event => {
                    const value = event.currentTarget.valueAsNumber
                    if (Number.isInteger(value) && value >= 1 && value <= 100) set({ [name]: value })
                  }}
                />
              </Field>
            ))}
          </div>
          <p className="k-hint">{t('leads.hotAtHint')}</p>
          <RadioGroup
            label={t('leads.lead')}
            name="lead"
            value={wish.lead === null ? 'without' : 'condition'}
            onChange={value => set({ lead: value === 'condition' ? { all: [] } : null })}
            options={(['without', 'condition'] as const).map(value => ({ value, label: t(`leads.lead.${value}`) }))}
          />
          {wish.lead !== null && (
            <ConditionBuilder record="contact" value={wish.lead} onChange={lead => set({ lead })} />
          )}
          <Recipients
            label={t('leads.assign')}
            hint={t('leads.assignHint')}
            most={20}
            withoutOwner
            value={wish.assign}
            onChange={assign => set({ assign: people(assign) })}
          />
          <Recipients
            label={t('leads.notify')}
            most={20}
            withoutOwner
            value={wish.notify}
            onChange={notify => set({ notify: people(notify) })}
          />
          <Channels chosen={wish.channels} onChange={channels => set({ channels })} />
        </div>
        {counts && <Simulation body={{ settings: wish }} condition={wish.lead ?? undefined} />}
      </div>
    </Form>
  )
}
