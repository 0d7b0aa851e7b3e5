import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { makeSource, type SourceKind, sourceKinds } from '../../../server/collect/ingest/contract/sources.ts'
import { useCommand } from '../../api/hooks.ts'
import { useText } from '../../i18n/provider.tsx'
import { Dialog } from '../../kit/dialog.tsx'
import { Field, RadioGroup, TextInput } from '../../kit/field.tsx'
import { Form } from '../../kit/form.tsx'
import { toastDone } from '../../kit/toast.tsx'

/** Makes a source, then leads to its page, where the write key and what to do with it are. */
export function CreateSourceDialog({ onClose }: { onClose: () => void }) {
  const t = useText()
  const navigate = useNavigate()
  const [kind, setKind] = useState<SourceKind>('browser')
  const create = useCommand(makeSource, { quiet: true })
  return (
    <Dialog open onClose={onClose} title={t('sources.create')} text={t('sources.createText')}>
      <Form
        submit={t('sources.create')}
        onCancel={onClose}
        onSubmit={async values => {
          const name = values.text('name')
          const { id } = await create.run({ body: { name, kind } })
          toastDone(t('sources.made', { name }))
          await navigate({ to: '/sources/$id', params: { id } })
        }}
      >
        <RadioGroup
          label={t('sources.kind')}
          name="kind"
          value={kind}
          onChange={next => setKind(sourceKinds.find(each => each === next) ?? kind)}
          options={(['browser', 'server', 'mobile'] as const).map(value => ({
            value,
            label: t(`sources.kind.${value}`),
            hint: t(`sources.kindHint.${value}`),
          }))}
        />
        <Field label={t('sources.name')} name="name" required hint={t('sources.nameHint')}>
          <TextInput maxLength={100} autoComplete="off" />
        </Field>
      </Form>
    </Dialog>
  )
}
