import type { Step } from '../../../server/engage/flows/contract/steps.ts'
import { severities, topics } from '../../../server/engage/notices/contract/shapes.ts'
import { priorities, taskContacts } from '../../../server/engage/tasks/contract/shapes.ts'
import { useText } from '../../i18n/provider.tsx'
import { Checkbox, Field, Textarea } from '../../kit/field.tsx'
import { Channels } from '../settings/alert-rules/channels.tsx'
import { Recipients } from '../settings/alert-rules/recipients.tsx'
import { AssignmentField } from './assignment-field.tsx'
import { ChoiceField, LineField, NumberField } from './fields.tsx'

type Of<Kind extends Step['kind']> = { step: Extract<Step, { kind: Kind }>; onChange: (step: Step) => void }

/** What a task or a call is about, who does it, by when. */
export function WorkFields({ step, onChange }: Of<'task' | 'call'>) {
  const t = useText()
  return (
    <>
      <LineField
        label={t('flows.title')}
        value={step.title}
        most={200}
        onChange={title => onChange({ ...step, title })}
      />
      <Field label={t('flows.description')}>
        <Textarea
          rows={3}
          maxLength={5_000}
          defaultValue={step.description}
          onChange={event => onChange({ ...step, description: event.currentTarget.value })}
        />
      </Field>
      <AssignmentField
        label={t('flows.assignee')}
        value={step.assign}
        onChange={assign => onChange({ ...step, assign })}
      />
      <div className="fl-pair">
        <NumberField
          label={t('flows.dueDays')}
          value={step.dueDays ?? 0}
          minimum={0}
          maximum={365}
          onChange={dueDays => onChange({ ...step, dueDays })}
        />
        <ChoiceField
          label={t('flows.priority')}
          value={step.priority ?? 'medium'}
          options={priorities.map(value => ({ value, label: t(`tasks.priority.${value}`) }))}
          onChange={priority => onChange({ ...step, priority })}
        />
      </div>
      {step.kind === 'task' && (
        <ChoiceField
          label={t('flows.contactOf')}
          value={step.contact ?? 'none'}
          options={(['none', ...taskContacts] as const).map(value => ({
            value,
            label: t(value === 'none' ? 'flows.contactOf.none' : `flows.contact.${value}`),
          }))}
          onChange={value => {
            const { contact: _, ...rest } = step
            onChange(value === 'none' ? rest : { ...rest, contact: value })
          }}
        />
      )}
      <Field label={t('flows.checklist')} hint={t('flows.checklistHint')}>
        <Textarea
          rows={3}
          defaultValue={step.checklist?.join('\n')}
          onChange={event =>
            onChange({
              ...step,
              checklist: event.currentTarget.value
                .split('\n')
                .map(each => each.trim().slice(0, 300))
                .filter(Boolean)
                .slice(0, 50),
            })
          }
        />
      </Field>
    </>
  )
}

/** What colleagues are told, and by which way. */
export function NoticeFields({ step, onChange }: Of<'notice'>) {
  const t = useText()
  return (
    <>
      {(['ja', 'en'] as const).map(locale => (
        <div key={locale} className="fl-fields">
          <LineField
            label={t(`flows.noticeTitle.${locale}`)}
            value={step.title[locale]}
            most={200}
            onChange={title => onChange({ ...step, title: { ...step.title, [locale]: title } })}
          />
          <Field label={t(`flows.noticeText.${locale}`)}>
            <Textarea
              rows={3}
              maxLength={5_000}
              defaultValue={step.text[locale]}
              onChange={event => onChange({ ...step, text: { ...step.text, [locale]: event.currentTarget.value } })}
            />
          </Field>
        </div>
      ))}
      <div className="fl-pair">
        <ChoiceField
          label={t('flows.severity')}
          value={step.severity}
          options={severities.map(value => ({ value, label: t(`notices.severity.${value}`) }))}
          onChange={severity => onChange({ ...step, severity })}
        />
        <ChoiceField
          label={t('flows.topic')}
          value={step.topic}
          options={topics.map(value => ({ value, label: t(`notices.topic.${value}`) }))}
          onChange={topic => onChange({ ...step, topic })}
        />
      </div>
      <Recipients
        label={t('flows.recipients')}
        value={step.to}
        most={10}
        onChange={recipients => onChange({ ...step, to: recipients })}
      />
      <Channels chosen={step.channels} onChange={channels => onChange({ ...step, channels })} />
      <Checkbox
        label={t('flows.noticeTask')}
        hint={t('flows.noticeTaskHint')}
        checked={step.task}
        onChange={event => onChange({ ...step, task: event.currentTarget.checked })}
      />
    </>
  )
}
