import { useState } from 'react'
import { enrol } from '../../../server/engage/flows/contract/enrolments.ts'
import { listFlows } from '../../../server/engage/flows/contract/flows.ts'
import { changeUpsell, type UpsellOpportunity } from '../../../server/engage/upsell/contract/opportunities.ts'
import { useCommand, useRoute } from '../../api/hooks.ts'
import { useMay } from '../../api/session.tsx'
import { nameOf } from '../../i18n/name-of.ts'
import { useLocale, useText } from '../../i18n/provider.tsx'
import { Button } from '../../kit/button.tsx'
import { Dialog } from '../../kit/dialog.tsx'
import { Field, Select } from '../../kit/field.tsx'
import { Form } from '../../kit/form.tsx'
import { Note } from '../../kit/note.tsx'
import { toastDone } from '../../kit/toast.tsx'

interface ActionsProps {
  rows: readonly UpsellOpportunity[]
  onDone: () => void
}

const steps = ['working', 'won', 'lost'] as const

/** What is done with the chosen opportunities: a flow for their customers, or how they stand. */
export function ActionsForChosen({ rows, onDone }: ActionsProps) {
  const t = useText()
  const mayStart = useMay('flows.handle')
  const mayChange = useMay('customers.write')
  const [starting, setStarting] = useState(false)
  const change = useCommand(changeUpsell, { stale: ['/api/v1/upsell'] })
  const set = async (status: (typeof steps)[number]) => {
    const { changed } = await change.run({ body: { ids: rows.map(({ id }) => id), status } })
    toastDone(t('upsell.changed', { count: changed }))
    onDone()
  }
  return (
    <>
      {mayStart && (
        <Button size="small" kind="quiet" icon="flow" onClick={() => setStarting(true)}>
          {t('upsell.startFlow')}
        </Button>
      )}
      {mayChange &&
        steps.map(status => (
          <Button key={status} size="small" kind="quiet" onClick={() => void set(status).catch(() => {})}>
            {t(`upsell.set.${status}`)}
          </Button>
        ))}
      {starting && (
        <StartDialog
          rows={rows}
          onClose={() => setStarting(false)}
          onDone={() => {
            setStarting(false)
            onDone()
          }}
        />
      )}
    </>
  )
}

function StartDialog({ rows, onClose, onDone }: ActionsProps & { onClose: () => void }) {
  const t = useText()
  const { locale } = useLocale()
  const { data } = useRoute(listFlows, { query: { state: 'enabled' } })
  const start = useCommand(enrol, { quiet: true, stale: ['/api/v1/flow'] })
  const flows = (data?.items ?? [])
    .filter(({ subject }) => subject === 'customer')
    .sort((one, other) => Number(other.kind === 'upsell') - Number(one.kind === 'upsell'))
  const customers = [...new Set(rows.map(({ customerId }) => customerId))]
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('upsell.startTitle', { count: customers.length })}
      text={t('upsell.startText')}
    >
      {data && flows.length === 0 ? (
        <Note tone="orange">{t('upsell.noFlows')}</Note>
      ) : (
        <Form
          submit={t('upsell.startSubmit')}
          onCancel={onClose}
          onSubmit={async values => {
            const reply = await start.run({ params: { id: values.text('flow') }, body: { subjectIds: customers } })
            const refused = reply.refused.reduce((sum, { count }) => sum + count, 0) + reply.heldOut
            toastDone(t('upsell.started', { count: reply.enrolled, refused }))
            onDone()
          }}
        >
          <Field label={t('upsell.flow')} name="flow" required>
            <Select
              placeholder={t('kit.select.none')}
              options={flows.map(flow => ({ value: flow.id, label: nameOf(flow, locale) }))}
            />
          </Field>
        </Form>
      )}
    </Dialog>
  )
}
