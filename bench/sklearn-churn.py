"""Trains scikit-learn on the rows that bench/churn.ts wrote, and prints seconds and AUC as one line of JSON."""
import json
import sys
import time

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.metrics import roc_auc_score

path, rows, columns, tested, wanted = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), sys.argv[5]
data = np.fromfile(path, dtype=np.float64)
table = data[: rows * columns].reshape(columns, rows).T.copy()
labels = data[rows * columns :].astype(int)
filled = np.nan_to_num(table, nan=-1.0)
train = slice(0, rows - tested)
test = slice(rows - tested, rows)
makers = {
    'forest': (lambda: RandomForestClassifier(250, min_samples_leaf=5, n_jobs=2, random_state=0), filled),
    'boosting': (lambda: HistGradientBoostingClassifier(random_state=0), table),
}
make, used = makers[wanted]
began = time.time()
model = make().fit(used[train], labels[train])
training = time.time() - began
began = time.time()
said = model.predict_proba(used)[:, 1]
predicting = time.time() - began
print(json.dumps({'training': training, 'rowsPerSecond': rows / predicting, 'auc': roc_auc_score(labels[test], said[test])}))
