import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { FlowDocument } from '../../../server/engage/flows/contract/document.ts'
import { createFlow, flowKinds, readFlow } from '../../../server/engage/flows/contract/flows.ts'
import { useCommand } from '../../api/hooks.ts'
import { useLocale, useText } from '../../i18n/provider.tsx'
import { Dialog } from '../../kit/dialog.tsx'
import { Field, RadioGroup, Select, Textarea, TextInput } from '../../kit/field.tsx'
import { Form } from '../../kit/form.tsx'
import { Note } from '../../kit/note.tsx'
import { staleFlows } from './whole-flow.ts'

/** Makes a flow: its names, whom it is about, or a document that was written as YAML. */
export function NewFlowDialog({ onClose }: { onClose: () => void }) {
  const t = useText()
  const { locale } = useLocale()
  const navigate = useNavigate()
  const [subject, setSubject] = useState<'customer' | 'contact'>('customer')
  const [from, setFrom] = useState<'empty' | 'yaml'>('empty')
  const [faults, setFaults] = useState<string[]>([])
  const create = useCommand(createFlow, { quiet: true, stale: staleFlows })
  const read = useCommand(readFlow, { quiet: true, stale: [] })
  return (
    <Dialog open onClose={onClose} title={t('flows.new')} size="wide">
      <Form
        submit={t('flows.create')}
        onCancel={onClose}
        onSubmit={async values => {
          const nameJa = values.text('nameJa')
          let document: FlowDocument = empty(subject)
          if (from === 'yaml') {
            const answer = await read.run({ body: { yaml: values.secret('yaml') } })
            setFaults(
              answer.faults.map(({ line, column, path, message }) =>
                [t('flows.yamlFault', { line, column }), path, message[locale]].join(' '),
              ),
            )
            if (!answer.document || answer.faults.length > 0) return
            document = answer.document as FlowDocument
          }
          const made = await create.run({
            body: {
              nameJa,
              nameEn: values.text('nameEn') || nameJa,
              kind: flowKinds.find(each => each === values.text('kind')) ?? 'other',
              document,
            },
          })
          void navigate({ to: '/flows/$id', params: { id: made.id } })
        }}
      >
        <div className="fl-pair">
          <Field label={t('flows.nameJa')} name="nameJa" required>
            <TextInput maxLength={100} autoComplete="off" />
          </Field>
          <Field label={t('flows.nameEn')} name="nameEn">
            <TextInput maxLength={100} autoComplete="off" />
          </Field>
        </div>
        <Field label={t('flows.kind')} name="kind" required>
          <Select
            defaultValue="playbook"
            options={flowKinds.map(value => ({ value, label: t(`flows.kind.${value}`) }))}
          />
        </Field>
        <RadioGroup
          label={t('flows.from')}
          name="from"
          value={from}
          onChange={next => setFrom(next === 'yaml' ? 'yaml' : 'empty')}
          options={[
            { value: 'empty', label: t('flows.fromEmpty') },
            { value: 'yaml', label: t('flows.fromYaml') },
          ]}
        />
        {from === 'empty' ? (
          <RadioGroup
            label={t('flows.subject')}
            name="subject"
            value={subject}
            onChange={next => setSubject(next === 'contact' ? 'contact' : 'customer')}
            options={(['customer', 'contact'] as const).map(value => ({
              value,
              label: t(`flows.subject.${value}`),
              hint: t(`flows.subjectHint.${value}`),
            }))}
          />
        ) : (
          <>
            <Field label={t('flows.yaml')} name="yaml" required>
              <Textarea rows={14} spellCheck={false} />
            </Field>
            {faults.length > 0 && (
              <Note tone="red" alert>
                <ul>
                  {faults.map(fault => (
                    <li key={fault}>{fault}</li>
                  ))}
                </ul>
              </Note>
            )}
          </>
        )}
      </Form>
    </Dialog>
  )
}

function empty(subject: 'customer' | 'contact'): FlowDocument {
  return {
    subject,
    triggers: [{ kind: 'manual' }],
    entry: null,
    start: null,
    steps: [],
    exits: [],
    goal: null,
    holdoutPercent: 0,
    reentry: { kind: 'never' },
    priority: 5,
    quiet: null,
  }
}
