import { lazy, Suspense } from 'react'
import type { Step } from '../../../server/engage/flows/contract/steps.ts'
import { ConditionBuilder } from '../../features/conditions/builder.tsx'
import { withTexts } from '../../i18n/load.ts'
import { useText } from '../../i18n/provider.tsx'
import { Recipients } from '../settings/alert-rules/recipients.tsx'
import { AssignmentField } from './assignment-field.tsx'
import { ArmList, CaseList } from './branch-fields.tsx'
import { ChangeList } from './change-fields.tsx'
import {
  ChannelField,
  ChoiceField,
  InAppField,
  LineField,
  NumberField,
  RecordField,
  TemplateField,
  TimeField,
} from './fields.tsx'
import { OffsetField } from './trigger-fields.tsx'
import { NoticeFields, WorkFields } from './work-fields.tsx'

const EmailPreview = lazy(
  withTexts(async () => ({ default: (await import('./step-preview.tsx')).EmailPreview }), 'mailing'),
)
const InAppStepPreview = lazy(
  withTexts(async () => ({ default: (await import('./step-preview.tsx')).InAppStepPreview }), 'inApp'),
)

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
    case 'email':
      return (
        <>
          <TemplateField
            label={t('flows.template')}
            hint={t('flows.templateHint')}
            value={step.template}
            onChange={template => onChange({ ...step, template })}
          />
          <Suspense>
            <EmailPreview subject={subject} template={step.template} />
          </Suspense>
          {subject === 'customer' && (
            <ChoiceField
              label={t('flows.sendTo')}
              value={step.to}
              options={(['main', 'all'] as const).map(value => ({ value, label: t(`flows.sendTo.${value}`) }))}
              onChange={to => onChange({ ...step, to })}
            />
          )}
        </>
      )
    case 'in_app':
      return (
        <>
          <InAppField
            label={t('flows.inAppMessage')}
            hint={t('flows.inAppHint')}
            value={step.message}
            onChange={message => onChange({ ...step, message })}
          />
          <Suspense>
            <InAppStepPreview message={step.message} />
          </Suspense>
          {subject === 'customer' && (
            <ChoiceField
              label={t('flows.showTo')}
              value={step.to}
              options={(['main', 'all'] as const).map(value => ({ value, label: t(`flows.sendTo.${value}`) }))}
              onChange={to => onChange({ ...step, to })}
            />
          )}
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
    case 'certificate':
      return (
        <>
          {(['ja', 'en'] as const).map(locale => (
            <LineField
              key={locale}
              label={t(`flows.certificateTitle.${locale}`)}
              value={step.title[locale]}
              most={120}
              onChange={title => onChange({ ...step, title: { ...step.title, [locale]: title } })}
            />
          ))}
          <p className="k-hint">{t('flows.certificateHint')}</p>
        </>
      )
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
