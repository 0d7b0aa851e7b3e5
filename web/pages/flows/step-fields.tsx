import type { Step } from '../../../server/engage/flows/contract/steps.ts'
import { severities, topics } from '../../../server/engage/notices/contract/shapes.ts'
import { priorities } from '../../../server/engage/tasks/contract/shapes.ts'
import { ConditionBuilder } from '../../features/conditions/builder.tsx'
import { useText } from '../../i18n/provider.tsx'
import { Button, IconButton } from '../../kit/button.tsx'
import { Field, Textarea, TextInput } from '../../kit/field.tsx'
import { Channels } from '../settings/alert-rules/channels.tsx'
import { Recipients } from '../settings/alert-rules/recipients.tsx'
import { AssignmentField } from './assignment-field.tsx'
import { ChangeList } from './change-fields.tsx'
import { ChannelField, ChoiceField, NumberField, RecordField } from './fields.tsx'
import { OffsetField } from './trigger-fields.tsx'

interface StepFieldsProps {
  subject: 'customer' | 'contact'
  step: Step
  onChange: (step: Step) => void
}

const units = ['minutes', 'hours', 'days', 'weeks'] as const

/** What a step is told to do. */
export function StepFields({ subject, step, onChange }: StepFieldsProps) {
  const t = useText()
  switch (step.kind) {
    case 'wait':
      return (
        <>
          <div className="fl-pair">
            <NumberField
              label={t('flows.amount')}
              value={step.amount}
              minimum={1}
              maximum={10_000}
              onChange={amount => onChange({ ...step, amount })}
            />
            <ChoiceField
              label={t('flows.unit')}
              value={step.unit}
              options={units.map(value => ({ value, label: t(`flows.unit.${value}`, { count: step.amount }) }))}
              onChange={unit => onChange({ ...step, unit })}
            />
          </div>
          {(step.unit === 'days' || step.unit === 'weeks') && (
            <TimeField
              label={t('flows.at')}
              hint={t('flows.atHint')}
              value={step.at ?? ''}
              onChange={at => {
                const { at: _, ...rest } = step
                onChange(at ? { ...rest, at } : rest)
              }}
            />
          )}
        </>
      )
    case 'wait_date':
      return (
        <>
          <RecordField
            label={t('flows.dateField')}
            subject={subject}
            dates
            value={step.field}
            onChange={field => onChange({ ...step, field })}
          />
          <OffsetField days={step.offsetDays} onChange={offsetDays => onChange({ ...step, offsetDays })} />
          <TimeField label={t('flows.at')} value={step.at} onChange={at => at && onChange({ ...step, at })} />
        </>
      )
    case 'wait_working_hour':
      return (
        <>
          <div className="fl-pair">
            <TimeField
              label={t('flows.from')}
              value={step.from}
              onChange={from => from && onChange({ ...step, from })}
            />
            <TimeField
              label={t('flows.until')}
              value={step.until}
              onChange={until => until && onChange({ ...step, until })}
            />
          </div>
          <p className="k-hint">{t('flows.workingHint')}</p>
        </>
      )
    case 'wait_condition':
      return (
        <>
          <ConditionBuilder
            record={subject}
            value={step.condition}
            onChange={condition => onChange({ ...step, condition })}
          />
          <NumberField
            label={t('flows.timeout')}
            value={step.timeoutDays}
            minimum={1}
            maximum={3_660}
            onChange={timeoutDays => onChange({ ...step, timeoutDays })}
          />
        </>
      )
    case 'branch':
      return <CaseList subject={subject} step={step} onChange={onChange} />
    case 'split':
      return <ArmList step={step} onChange={onChange} />
    case 'task':
    case 'call':
      return <WorkFields step={step} onChange={onChange} />
    case 'approval':
      return (
        <>
          <LineField
            label={t('flows.question')}
            value={step.question}
            most={500}
            onChange={question => onChange({ ...step, question })}
          />
          <Recipients
            label={t('flows.approvers')}
            value={step.approvers}
            most={10}
            onChange={approvers => onChange({ ...step, approvers })}
          />
          <NumberField
            label={t('flows.withinHours')}
            value={step.withinHours}
            minimum={1}
            maximum={2_160}
            onChange={withinHours => onChange({ ...step, withinHours })}
          />
          <p className="k-hint">{t('flows.approvalHint')}</p>
        </>
      )
    case 'webhook':
      return (
        <ChannelField
          label={t('flows.channel')}
          hint={t('flows.webhookStepHint')}
          value={step.channel}
          onChange={channel => onChange({ ...step, channel })}
        />
      )
    case 'provision':
      return (
        <>
          <ChannelField
            label={t('flows.channel')}
            value={step.channel}
            onChange={channel => onChange({ ...step, channel })}
          />
          <LineField
            label={t('flows.action')}
            value={step.action}
            most={61}
            onChange={action => onChange({ ...step, action })}
          />
          <NumberField
            label={t('flows.withinHours')}
            value={step.withinHours}
            minimum={1}
            maximum={720}
            onChange={withinHours => onChange({ ...step, withinHours })}
          />
          <p className="k-hint">{t('flows.provisionHint')}</p>
        </>
      )
    case 'change':
      return (
        <ChangeList subject={subject} changes={step.changes} onChange={changes => onChange({ ...step, changes })} />
      )
    case 'assign':
      return <AssignmentField label={t('flows.newOwner')} value={step.to} onChange={to => onChange({ ...step, to })} />
    case 'notice':
      return <NoticeFields step={step} onChange={onChange} />
    case 'meeting':
      return (
        <>
          <LineField
            label={t('flows.title')}
            value={step.title}
            most={200}
            onChange={title => onChange({ ...step, title })}
          />
          <LineField
            label={t('flows.link')}
            value={step.link}
            most={2_000}
            onChange={link => onChange({ ...step, link })}
          />
          <AssignmentField
            label={t('flows.assignee')}
            value={step.assign}
            onChange={assign => onChange({ ...step, assign })}
          />
        </>
      )
    default:
      return <p className="k-hint">{t('flows.endHint')}</p>
  }
}

type Of<Kind extends Step['kind']> = { step: Extract<Step, { kind: Kind }>; onChange: (step: Step) => void }

function WorkFields({ step, onChange }: Of<'task' | 'call'>) {
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

function NoticeFields({ step, onChange }: Of<'notice'>) {
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
    </>
  )
}

function CaseList({ subject, step, onChange }: Of<'branch'> & { subject: 'customer' | 'contact' }) {
  const t = useText()
  type Case = (typeof step.cases)[number]
  const set = (place: number, next: Case) =>
    onChange({ ...step, cases: step.cases.map((each, at) => (at === place ? next : each)) })
  return (
    <div className="fl-fields">
      <p className="k-hint">{t('flows.branchHint')}</p>
      {step.cases.map((each, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: cases are told apart by their place
        <fieldset key={place} className="fl-part">
          <legend className="k-hidden">{each.name || t('flows.case', { number: place + 1 })}</legend>
          <div className="fl-part-head">
            <LineField
              label={t('flows.caseName', { number: place + 1 })}
              value={each.name}
              most={100}
              onChange={name => set(place, { ...each, name })}
            />
            {step.cases.length > 1 && (
              <IconButton
                icon="close"
                label={t('flows.removeCase', { number: place + 1 })}
                onClick={() => onChange({ ...step, cases: step.cases.filter((_, at) => at !== place) })}
              />
            )}
          </div>
          <ConditionBuilder
            record={subject}
            value={each.condition}
            onChange={condition => set(place, { ...each, condition })}
          />
        </fieldset>
      ))}
      {step.cases.length < 20 && (
        <div>
          <Button
            kind="dashed"
            size="small"
            icon="plus"
            onClick={() =>
              onChange({ ...step, cases: [...step.cases, { name: '', condition: { all: [] }, next: null }] })
            }
          >
            {t('flows.addCase')}
          </Button>
        </div>
      )}
    </div>
  )
}

function ArmList({ step, onChange }: Of<'split'>) {
  const t = useText()
  type Arm = (typeof step.arms)[number]
  const set = (place: number, next: Arm) =>
    onChange({ ...step, arms: step.arms.map((each, at) => (at === place ? next : each)) })
  return (
    <div className="fl-fields">
      <p className="k-hint">{t('flows.splitHint')}</p>
      {step.arms.map((arm, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: arms are told apart by their place
        <div key={place} className="fl-part-head">
          <LineField
            label={t('flows.armName', { number: place + 1 })}
            value={arm.name}
            most={100}
            onChange={name => set(place, { ...arm, name })}
          />
          <NumberField
            label={t('flows.weight')}
            value={arm.weight}
            minimum={1}
            maximum={1_000}
            onChange={weight => set(place, { ...arm, weight })}
          />
          {step.arms.length > 2 && (
            <IconButton
              icon="close"
              label={t('flows.removeArm', { name: arm.name })}
              onClick={() => onChange({ ...step, arms: step.arms.filter((_, at) => at !== place) })}
            />
          )}
        </div>
      ))}
      {step.arms.length < 10 && (
        <div>
          <Button
            kind="dashed"
            size="small"
            icon="plus"
            onClick={() =>
              onChange({
                ...step,
                arms: [...step.arms, { name: String.fromCharCode(65 + step.arms.length), weight: 1, next: null }],
              })
            }
          >
            {t('flows.addArm')}
          </Button>
        </div>
      )}
    </div>
  )
}

interface LineFieldProps {
  label: string
  value: string
  most: number
  onChange: (value: string) => void
}

/** A line of text that a step needs. */
function LineField({ label, value, most, onChange }: LineFieldProps) {
  return (
    <Field label={label} required>
      <TextInput
        defaultValue={value}
        maxLength={most}
        autoComplete="off"
        onChange={event => onChange(event.currentTarget.value)}
      />
    </Field>
  )
}

interface TimeFieldProps {
  label: string
  hint?: string
  value: string
  onChange: (value: string) => void
}

function TimeField({ label, hint, value, onChange }: TimeFieldProps) {
  return (
    <Field label={label} hint={hint}>
      <TextInput type="time" defaultValue={value} onChange={event => onChange(event.currentTarget.value)} />
    </Field>
  )
}
