import { useState } from 'react'
import type { Condition } from '../../../server/catalog/conditions/contract.ts'
import { updateScorecard } from '../../../server/signals/scorecards/contract/cards.ts'
import { useCommand } from '../../api/hooks.ts'
import { ConditionBuilder } from '../../features/conditions/builder.tsx'
import { LiveCount } from '../../features/conditions/live-count.tsx'
import { isComplete } from '../../features/conditions/tree.ts'
import { useText } from '../../i18n/provider.tsx'
import { Button } from '../../kit/button.tsx'
import { Dialog } from '../../kit/dialog.tsx'
import { RadioGroup } from '../../kit/field.tsx'
import { toastDone } from '../../kit/toast.tsx'
import type { Scorecard } from './scorecard.ts'

/** Whom a scorecard is for: everybody, or those who meet a condition. Scores follow at once. */
export function WhomDialog({ card, onClose }: { card: Scorecard; onClose: () => void }) {
  const t = useText()
  const [condition, setCondition] = useState<Condition | null>(card.condition)
  const update = useCommand(updateScorecard, { stale: ['/api/v1/health', '/api/v1/customers'] })
  const save = async () => {
    await update.run({ params: { id: card.id }, body: { condition } })
    toastDone(t('scorecards.card.whomSaved'))
    onClose()
  }
  return (
    <Dialog
      open
      onClose={onClose}
      size="wide"
      title={t('scorecards.card.changeWhom')}
      text={t('scorecards.card.whomText')}
      foot={
        <>
          <Button kind="quiet" onClick={onClose}>
            {t('kit.cancel')}
          </Button>
          <Button
            kind="primary"
            pending={update.pending}
            disabled={condition !== null && !isComplete(condition)}
            onClick={() => void save().catch(() => {})}
          >
            {t('scorecards.card.whomSave')}
          </Button>
        </>
      }
    >
      <div className="s-lines">
        <RadioGroup
          label={t('scorecards.card.whom')}
          name="whom"
          value={condition === null ? 'everybody' : 'some'}
          onChange={next => setCondition(next === 'some' ? { all: [] } : null)}
          options={(['everybody', 'some'] as const).map(value => ({ value, label: t(`scorecards.card.${value}`) }))}
        />
        {condition && (
          <>
            <ConditionBuilder record="customer" value={condition} onChange={setCondition} />
            <LiveCount record="customer" condition={condition} />
          </>
        )}
      </div>
    </Dialog>
  )
}
