"""Fits of linear heads by scikit-learn, to compare with those of org.xlstm4j.models.embedding.

Prints the numbers that HeadFitTest holds: for rows that a small generator makes, with fewer and with
more rows than features.

    python linear_heads.py          (numpy, scikit-learn)
"""
import numpy as np
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import LeaveOneOut, cross_val_predict


def numbers(count, seed):
    """Numbers from -1 to 1 that Java makes in the same way."""
    values, state = [], seed
    for _ in range(count):
        state = (state * 1103515245 + 12345) % 2**31
        values.append(state / 2**30 - 1)
    return np.array(values).astype(np.float32)


def main():
    for rows, features in ((30, 6), (12, 40)):
        x = numbers(rows * features, 1).reshape(rows, features).astype(np.float64)
        y = x[:, 0] * 2 - x[:, 1] + 0.3 * numbers(rows, 2) + 5
        ridge = Ridge(alpha=0.7).fit(x, y)
        left_out = cross_val_predict(Ridge(alpha=0.7), x, y, cv=LeaveOneOut())
        print(rows, features, "ridge", [float("%.9g" % w) for w in ridge.coef_[:3]], "%.9g" % ridge.intercept_,
              "R2 %.9g" % ridge.score(x, y), "left out %.9g" % (1 - ((left_out - y) ** 2).sum() / ((y - y.mean()) ** 2).sum()))
        classes = np.argmax(np.stack([x[:, 0], x[:, 1], 0.2 + x[:, 2]], 1) + 1.2 * numbers(rows * 3, 5).reshape(rows, 3), 1)
        logistic = LogisticRegression(C=1 / 0.7, solver="newton-cg", tol=1e-12, max_iter=100000).fit(x, classes)
        print(classes.tolist())
        print(rows, features, "logistic", [[float("%.9g" % w) for w in c[:3]] for c in logistic.coef_],
              [float("%.9g" % b) for b in logistic.intercept_ - logistic.intercept_.mean()], "accuracy %.9g" % logistic.score(x, classes))


if __name__ == "__main__":
    main()
