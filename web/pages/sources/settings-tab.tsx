import { useState } from 'react'
import {
  changeRetention,
  changeSource,
  listSources,
  readRetention,
} from '../../../server/collect/ingest/contract/sources.ts'
import { useCommand, useRoute, wordsOf } from '../../api/hooks.ts'
import { useText } from '../../i18n/provider.tsx'
import { Button } from '../../kit/button.tsx'
import { ConfirmDialog } from '../../kit/dialog.tsx'
import { Field, TextInput } from '../../kit/field.tsx'
import { Form } from '../../kit/form.tsx'
import { Section } from '../../kit/layout.tsx'
import { Note } from '../../kit/note.tsx'
import { SkeletonRows } from '../../kit/skeleton.tsx'
import { toastDone } from '../../kit/toast.tsx'
import type { Source } from './source-state.ts'

const stale = [listSources.path]

export function SettingsTab({ source }: { source: Source }) {
  const t = useText()
  const change = useCommand(changeSource, { quiet: true, stale })
  const params = { id: source.id }
  return (
    <div className="d-narrow">
      <Section title={t('sources.settings.about')}>
        <Form
          submit={t('sources.settings.save')}
          onSubmit={async values => {
            const limitPerMinute = values.number('limitPerMinute') ?? null
            await change.run({ params, body: { name: values.text('name'), limitPerMinute } })
            toastDone(t('sources.settings.saved'))
          }}
        >
          <Field label={t('sources.name')} name="name" required>
            <TextInput defaultValue={source.name} maxLength={100} autoComplete="off" />
          </Field>
          <Field label={t('sources.limit')} name="limitPerMinute" hint={t('sources.limitHint')}>
            <TextInput type="number" min={1} max={100_000_000} step={1} defaultValue={source.limitPerMinute ?? ''} />
          </Field>
        </Form>
      </Section>
      <Section title={t('sources.settings.retention')} note={t('sources.settings.retentionNote')}>
        <Retention />
      </Section>
      <Section title={t(source.disabledAt ? 'sources.settings.enable' : 'sources.settings.disable')}>
        <Power source={source} />
      </Section>
    </div>
  )
}

function Retention() {
  const t = useText()
  const settings = useRoute(readRetention)
  const change = useCommand(changeRetention, { quiet: true })
  if (settings.error)
    return (
      <Note tone="red" alert>
        {wordsOf(settings.error, t)}
      </Note>
    )
  if (!settings.data) return <SkeletonRows rows={2} />
  return (
    <Form
      submit={t('sources.settings.retentionSave')}
      submitKind="normal"
      onSubmit={async values => {
        const retentionDays = values.number('retentionDays') ?? 0
        await change.run({ body: { retentionDays } })
        toastDone(t('sources.settings.retentionSaved', { days: retentionDays }))
      }}
    >
      <Field label={t('sources.settings.days')} name="retentionDays" required hint={t('sources.settings.daysHint')}>
        <TextInput type="number" min={30} max={3_660} step={1} defaultValue={settings.data.retentionDays} />
      </Field>
    </Form>
  )
}

function Power({ source }: { source: Source }) {
  const t = useText()
  const [asking, setAsking] = useState(false)
  const change = useCommand(changeSource, { stale })
  const set = (disabled: boolean) => change.run({ params: { id: source.id }, body: { disabled } })
  const name = source.name
  return (
    <>
      <p className="text-t2 pb-4 d-text">
        {t(source.disabledAt ? 'sources.disabledText' : 'sources.settings.disableText')}
      </p>
      {source.disabledAt ? (
        <Button
          pending={change.pending}
          onClick={() =>
            void set(false).then(
              () => toastDone(t('sources.settings.enabled', { name })),
              () => {},
            )
          }
        >
          {t('sources.settings.enable')}
        </Button>
      ) : (
        <Button kind="danger" onClick={() => setAsking(true)}>
          {t('sources.settings.disable')}
        </Button>
      )}
      {asking && (
        <ConfirmDialog
          open
          destroys
          onClose={() => setAsking(false)}
          title={t('sources.settings.disableTitle', { name })}
          text={t('sources.settings.disableText')}
          confirm={t('sources.settings.disable')}
          onConfirm={async () => {
            await set(true)
            toastDone(t('sources.settings.disabled', { name }), { undo: () => void set(false) })
          }}
        />
      )}
    </>
  )
}
