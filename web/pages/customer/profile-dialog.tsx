import type { Customer } from '../../../server/customers/accounts/contract/customers.ts'
import {
  dataMigrationStatuses,
  onboardingStatuses,
  putProfile,
  type SuccessProfile,
} from '../../../server/customers/record/contract.ts'
import { useCommand } from '../../api/hooks.ts'
import { useText } from '../../i18n/provider.tsx'
import { Dialog } from '../../kit/dialog.tsx'
import { Field, Select, Textarea, TextInput } from '../../kit/field.tsx'
import { Form } from '../../kit/form.tsx'
import { toastDone } from '../../kit/toast.tsx'
import { linesOf, type Metric, MetricFields, metricsOf } from './metric-fields.tsx'

interface ProfileDialogProps {
  customer: Customer
  profile: SuccessProfile | undefined
  onClose: () => void
}

const days = ['onboardingStartedOn', 'onboardingTargetOn', 'onboardingCompletedOn', 'firstValueOn'] as const
const figures = [
  { name: 'trainingCompletion', min: 0, max: 100 },
  { name: 'adoptionRate', min: 0, max: 100 },
  { name: 'expansionProbability', min: 0, max: 100 },
  { name: 'nps', min: -100, max: 100 },
  { name: 'csat', min: 1, max: 5 },
  { name: 'ces', min: 1, max: 7 },
] as const

/** Writes the success profile. */
export function ProfileDialog({ customer, profile, onClose }: ProfileDialogProps) {
  const t = useText()
  const put = useCommand(putProfile, { quiet: true, stale: ['/api/v1/customer-success/customers'] })
  const metrics: readonly Metric[] = profile?.valueMetrics ?? []
  const labels = {
    trainingCompletion: t('customer.trainingCompletion'),
    adoptionRate: t('customer.adoptionRate'),
    expansionProbability: t('customer.expansionProbability'),
    nps: t('record.field.nps'),
    csat: t('record.field.csat'),
    ces: t('customer.ces'),
  }
  return (
    <Dialog open onClose={onClose} size="wide" title={t('customer.profileTitle', { name: customer.name })}>
      <Form
        submit={t('customers.save')}
        onCancel={onClose}
        onSubmit={async values => {
          await put.run({
            params: { id: customer.id },
            body: {
              businessObjectives: linesOf(values.text('businessObjectives')),
              successCriteria: linesOf(values.text('successCriteria')),
              valueMetrics: metricsOf(values),
              onboardingStatus:
                onboardingStatuses.find(each => each === values.text('onboardingStatus')) ?? 'NOT_STARTED',
              integrationStatus:
                dataMigrationStatuses.find(each => each === values.text('integrationStatus')) ?? 'NOT_STARTED',
              dataMigrationStatus:
                dataMigrationStatuses.find(each => each === values.text('dataMigrationStatus')) ?? 'NOT_STARTED',
              ...Object.fromEntries(days.map(name => [name, values.text(name) || null])),
              ...Object.fromEntries(figures.map(({ name }) => [name, values.number(name) ?? null])),
              executiveSponsor: values.text('executiveSponsor') || null,
              notes: values.text('notes') || null,
            },
          })
          toastDone(t('customer.profileSaved'))
          onClose()
        }}
      >
        <Field label={t('customer.objectives')} name="businessObjectives" hint={t('customer.onePerLine')}>
          <Textarea defaultValue={profile?.businessObjectives.join('\n')} />
        </Field>
        <Field label={t('customer.criteria')} name="successCriteria" hint={t('customer.onePerLine')}>
          <Textarea defaultValue={profile?.successCriteria.join('\n')} />
        </Field>
        <MetricFields metrics={metrics} />
        <div className="r-two">
          <Field label={t('customer.onboarding')} name="onboardingStatus" required>
            <Select
              defaultValue={profile?.onboardingStatus ?? 'NOT_STARTED'}
              options={onboardingStatuses.map(value => ({ value, label: t(`customer.onboardingStatus.${value}`) }))}
            />
          </Field>
          {(['integrationStatus', 'dataMigrationStatus'] as const).map(name => (
            <Field key={name} label={t(`customer.profile.${name}`)} name={name} required>
              <Select
                defaultValue={profile?.[name] ?? 'NOT_STARTED'}
                options={dataMigrationStatuses.map(value => ({ value, label: t(`customer.migrationStatus.${value}`) }))}
              />
            </Field>
          ))}
          {days.map(name => (
            <Field key={name} label={t(`customer.profile.${name}`)} name={name}>
              <TextInput type="date" defaultValue={profile?.[name] ?? ''} />
            </Field>
          ))}
          {figures.map(({ name, min, max }) => (
            <Field key={name} label={labels[name]} name={name}>
              <TextInput type="number" min={min} max={max} step="any" defaultValue={profile?.[name] ?? ''} />
            </Field>
          ))}
          <Field label={t('customers.column.executiveSponsor')} name="executiveSponsor">
            <TextInput maxLength={200} defaultValue={profile?.executiveSponsor ?? ''} autoComplete="off" />
          </Field>
        </div>
        <Field label={t('customer.notes')} name="notes">
          <Textarea maxLength={20_000} defaultValue={profile?.notes ?? ''} />
        </Field>
      </Form>
    </Dialog>
  )
}
