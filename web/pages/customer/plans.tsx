import { useState } from 'react'
import type { Customer } from '../../../server/customers/accounts/contract/customers.ts'
import { listPlans, type Milestone, type SuccessPlan, updateMilestone } from '../../../server/engage/plans/contract.ts'
import { useCommand, useRoute } from '../../api/hooks.ts'
import { useMay } from '../../api/session.tsx'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { Badge } from '../../kit/badge.tsx'
import { Button, IconButton } from '../../kit/button.tsx'
import { Checkbox } from '../../kit/field.tsx'
import { Section } from '../../kit/layout.tsx'
import { SkeletonRows } from '../../kit/skeleton.tsx'
import { MilestoneDialog, PlanDialog, stalePlans } from './plan-dialogs.tsx'

const tones = { DRAFT: 'plain', ACTIVE: 'accent', COMPLETED: 'green', ON_HOLD: 'yellow', CANCELLED: 'plain' } as const

type Opened = { plan: SuccessPlan | undefined; milestone?: Milestone | 'new' }

/** Success plans with their milestones. */
export function Plans({ customer }: { customer: Customer }) {
  const t = useText()
  const mayWrite = useMay('customers.write')
  const [open, setOpen] = useState<Opened | null>(null)
  const plans = useRoute(listPlans, { params: { id: customer.id }, query: { limit: 50 } })
  return (
    <Section
      title={t('customer.plans')}
      flush
      end={
        mayWrite && (
          <Button size="small" icon="plus" onClick={() => setOpen({ plan: undefined })}>
            {t('customer.planAdd')}
          </Button>
        )
      }
    >
      {!plans.data && <SkeletonRows rows={3} />}
      {plans.data?.items.length === 0 && <p className="text-t3 pt-4">{t('customer.noPlans')}</p>}
      {plans.data?.items.map(plan => (
        <PlanBlock key={plan.id} plan={plan} mayWrite={mayWrite} onOpen={setOpen} />
      ))}
      {open &&
        (open.plan && open.milestone ? (
          <MilestoneDialog
            plan={open.plan}
            milestone={open.milestone === 'new' ? undefined : open.milestone}
            onClose={() => setOpen(null)}
          />
        ) : (
          <PlanDialog customer={customer} plan={open.plan} onClose={() => setOpen(null)} />
        ))}
    </Section>
  )
}

interface PlanBlockProps {
  plan: SuccessPlan
  mayWrite: boolean
  onOpen: (opened: Opened) => void
}

function PlanBlock({ plan, mayWrite, onOpen }: PlanBlockProps) {
  const t = useText()
  const format = useFormat()
  const done = plan.milestones.filter(milestone => milestone.status === 'COMPLETED').length
  return (
    <div className="u-plan">
      <div className="u-plan-head">
        <strong>{plan.name}</strong>
        <Badge tone="line">{t(`customer.planType.${plan.type}`)}</Badge>
        <Badge tone={tones[plan.status]}>{t(`customer.planStatus.${plan.status}`)}</Badge>
        <span className="u-end">
          {plan.milestones.length > 0 && t('customer.planProgress', { done, total: plan.milestones.length })}
          {plan.endsOn && ` · ${t('customer.until', { day: format.shortDay(plan.endsOn) })}`}
          {mayWrite && (
            <>
              <Button size="small" kind="quiet" icon="plus" onClick={() => onOpen({ plan, milestone: 'new' })}>
                {t('customer.milestoneAdd')}
              </Button>
              <IconButton
                icon="note"
                label={t('customer.planEditOf', { name: plan.name })}
                onClick={() => onOpen({ plan })}
              />
            </>
          )}
        </span>
      </div>
      {plan.businessObjectives.length > 0 && <p className="text-t2">{plan.businessObjectives.join(' · ')}</p>}
      <ul className="u-lines">
        {plan.milestones.map(milestone => (
          <MilestoneLine
            key={milestone.id}
            milestone={milestone}
            mayWrite={mayWrite}
            onEdit={() => onOpen({ plan, milestone })}
          />
        ))}
      </ul>
    </div>
  )
}

interface MilestoneLineProps {
  milestone: Milestone
  mayWrite: boolean
  onEdit: () => void
}

function MilestoneLine({ milestone, mayWrite, onEdit }: MilestoneLineProps) {
  const t = useText()
  const format = useFormat()
  const update = useCommand(updateMilestone, { stale: stalePlans })
  const isDone = milestone.status === 'COMPLETED'
  const isLate = !isDone && milestone.dueOn !== null && milestone.dueOn < format.today()
  return (
    <li>
      <span className="u-grow">
        <Checkbox
          label={<span className={isDone ? 'text-t3' : undefined}>{milestone.title}</span>}
          checked={isDone}
          disabled={!mayWrite || update.pending}
          onChange={() =>
            void update
              .run({
                params: { planId: milestone.planId, milestoneId: milestone.id },
                body: isDone ? { status: 'IN_PROGRESS', completedOn: null } : { status: 'COMPLETED' },
              })
              .catch(() => {})
          }
        />
      </span>
      {(milestone.priority === 'HIGH' || milestone.priority === 'CRITICAL') && (
        <span className="text-12 text-orange">{t(`customer.priority.${milestone.priority}`)}</span>
      )}
      <span className={`text-12 ${isLate ? 'text-red' : 'text-t3'}`}>
        {milestone.dueOn
          ? t(isLate ? 'customer.late' : 'customer.until', { day: format.shortDay(milestone.dueOn) })
          : ''}
      </span>
      {mayWrite && (
        <IconButton icon="note" label={t('customer.milestoneEditOf', { name: milestone.title })} onClick={onEdit} />
      )}
    </li>
  )
}
