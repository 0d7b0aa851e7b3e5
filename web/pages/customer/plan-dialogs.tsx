import type { Customer } from '../../../server/customers/accounts/contract/customers.ts'
import {
  addMilestone,
  createPlan,
  type Milestone,
  milestonePriorities,
  milestoneStatuses,
  planStatuses,
  planTypes,
  type SuccessPlan,
  updateMilestone,
  updatePlan,
} from '../../../server/engage/plans/contract.ts'
import { useCommand } from '../../api/hooks.ts'
import { useText } from '../../i18n/provider.tsx'
import { Dialog } from '../../kit/dialog.tsx'
import { Field, Select, Textarea, TextInput } from '../../kit/field.tsx'
import { Form } from '../../kit/form.tsx'
import { linesOf } from './metric-fields.tsx'

export const stalePlans = ['/api/v1/customer-success/customers/:id/success-plans']

interface PlanDialogProps {
  customer: Customer
  plan: SuccessPlan | undefined
  onClose: () => void
}

/** A success plan: what shall be reached, from when to when. */
export function PlanDialog({ customer, plan, onClose }: PlanDialogProps) {
  const t = useText()
  const create = useCommand(createPlan, { quiet: true, stale: stalePlans })
  const update = useCommand(updatePlan, { quiet: true, stale: stalePlans })
  return (
    <Dialog open onClose={onClose} title={t(plan ? 'customer.planEdit' : 'customer.planAddTitle')}>
      <Form
        submit={t(plan ? 'customers.save' : 'customer.planAdd')}
        onCancel={onClose}
        onSubmit={async values => {
          const body = {
            name: values.text('name'),
            type: planTypes.find(each => each === values.text('type')) ?? 'ONBOARDING',
            status: planStatuses.find(each => each === values.text('status')) ?? 'ACTIVE',
            startsOn: values.text('startsOn') || null,
            endsOn: values.text('endsOn') || null,
            businessObjectives: linesOf(values.text('businessObjectives')),
            notes: values.text('notes') || null,
          }
          if (plan) await update.run({ params: { planId: plan.id }, body })
          else await create.run({ params: { id: customer.id }, body })
          onClose()
        }}
      >
        <Field label={t('customer.planName')} name="name" required>
          <TextInput maxLength={300} defaultValue={plan?.name} autoComplete="off" />
        </Field>
        <div className="r-two">
          <Field label={t('customer.planTypeLabel')} name="type" required>
            <Select
              defaultValue={plan?.type ?? 'ONBOARDING'}
              options={planTypes.map(value => ({ value, label: t(`customer.planType.${value}`) }))}
            />
          </Field>
          <Field label={t('record.field.status')} name="status" required>
            <Select
              defaultValue={plan?.status ?? 'ACTIVE'}
              options={planStatuses.map(value => ({ value, label: t(`customer.planStatus.${value}`) }))}
            />
          </Field>
          <Field label={t('customer.startsOn')} name="startsOn">
            <TextInput type="date" defaultValue={plan?.startsOn ?? ''} />
          </Field>
          <Field label={t('customer.endsOn')} name="endsOn">
            <TextInput type="date" defaultValue={plan?.endsOn ?? ''} />
          </Field>
        </div>
        <Field label={t('customer.objectives')} name="businessObjectives" hint={t('customer.onePerLine')}>
          <Textarea defaultValue={plan?.businessObjectives.join('\n')} />
        </Field>
        <Field label={t('customer.notes')} name="notes">
          <Textarea maxLength={20_000} defaultValue={plan?.notes ?? ''} />
        </Field>
      </Form>
    </Dialog>
  )
}

interface MilestoneDialogProps {
  plan: SuccessPlan
  milestone: Milestone | undefined
  onClose: () => void
}

/** One step of a plan. */
export function MilestoneDialog({ plan, milestone, onClose }: MilestoneDialogProps) {
  const t = useText()
  const add = useCommand(addMilestone, { quiet: true, stale: stalePlans })
  const update = useCommand(updateMilestone, { quiet: true, stale: stalePlans })
  return (
    <Dialog open onClose={onClose} title={t(milestone ? 'customer.milestoneEdit' : 'customer.milestoneAddTitle')}>
      <Form
        submit={t(milestone ? 'customers.save' : 'customer.milestoneAdd')}
        onCancel={onClose}
        onSubmit={async values => {
          const body = {
            title: values.text('title'),
            description: values.text('description') || null,
            dueOn: values.text('dueOn') || null,
            status: milestoneStatuses.find(each => each === values.text('status')) ?? 'PENDING',
            priority: milestonePriorities.find(each => each === values.text('priority')) ?? 'MEDIUM',
          }
          if (milestone) await update.run({ params: { planId: plan.id, milestoneId: milestone.id }, body })
          else await add.run({ params: { planId: plan.id }, body })
          onClose()
        }}
      >
        <Field label={t('customer.milestoneTitle')} name="title" required>
          <TextInput maxLength={300} defaultValue={milestone?.title} autoComplete="off" />
        </Field>
        <div className="r-three">
          <Field label={t('customer.dueOn')} name="dueOn">
            <TextInput type="date" defaultValue={milestone?.dueOn ?? ''} />
          </Field>
          <Field label={t('record.field.status')} name="status" required>
            <Select
              defaultValue={milestone?.status ?? 'PENDING'}
              options={milestoneStatuses.map(value => ({ value, label: t(`customer.milestoneStatus.${value}`) }))}
            />
          </Field>
          <Field label={t('record.ticket.priority')} name="priority" required>
            <Select
              defaultValue={milestone?.priority ?? 'MEDIUM'}
              options={milestonePriorities.map(value => ({ value, label: t(`customer.priority.${value}`) }))}
            />
          </Field>
        </div>
        <Field label={t('customer.notes')} name="description">
          <Textarea maxLength={5_000} defaultValue={milestone?.description ?? ''} />
        </Field>
      </Form>
    </Dialog>
  )
}
