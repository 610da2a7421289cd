package scale

// pandasScript computes the numbers of the peer and idle models as somebody would
// who reaches for pandas: merges, group-bys and columns of numpy. Candidates and
// the fit itself are left out, in its favour.
const pandasScript = `
import json, sys
import numpy as np, pandas as pd
read = lambda name: pd.read_parquet(sys.argv[1] + "/" + name + ".parquet")
ent, ref, cov, hold, who = read("entitlement"), read("reference"), read("covered"), read("holding"), read("identity")
pair, day = ["identity_key", "entitlement_key"], pd.Timedelta(days=1)

use = read("usage_day")
use = use[use.successes > 0].merge(read("account"), on="account_id").merge(ent[["entitlement_id", "entitlement_key"]], on="entitlement_id")
use = use[pair + ["day"]].drop_duplicates().sort_values(pair + ["day"])
use["gap"] = use.groupby(pair).day.diff().dt.days
longest = use.groupby(pair).gap.max().reset_index()
pace = longest.groupby("entitlement_key").gap.quantile(0.9, interpolation="higher").fillna(0).rename("pace_days").reset_index()

first = use[use.gap.isna()].merge(hold[pair + ["source", "since"]], on=pair).merge(cov[cov.before == 0].groupby("source").day.max().rename("began").reset_index(), on="source")
first = first[(first.since >= first.began) & (first.day >= first.since.dt.normalize())]
first["days"] = (first.day - first.since.dt.normalize()).dt.days
first = first.groupby("entitlement_key").days.agg(n="size", first_days=lambda d: d.quantile(0.9, interpolation="higher")).reset_index()
first = first.loc[first.n >= 5, ["entitlement_key", "first_days"]]
usual = first.first_days.median() if len(first) else 60
learners = read("learner").identity_key

def before(source, days):
    m = pd.DataFrame({"source": source.to_numpy(), "day": days.to_numpy()}).merge(cov, on=["source", "day"], how="left")
    return m.before.fillna(0).to_numpy()

app = hold.merge(ent.loc[ent.signal == "per_use", ["entitlement_key"]], on="entitlement_key")
seen, leave, states = read("seen"), read("leave"), []
for r in ref.itertuples():
    s = app[(app.source == r.source) & (app.since.isna() | (app.since < r.day))].copy()
    u = use[use.day < r.day].groupby(pair).agg(active_days=("day", "size"), last_use=("day", "max"), longest_gap=("gap", "max")).reset_index()
    s = s.merge(u, on=pair, how="left").merge(seen.loc[seen.ref == r.ref, ["identity_key", "last_seen"]], on="identity_key", how="left")
    later = use[(use.day >= r.day) & (use.day < r.day + r.horizon_days * day)][pair].drop_duplicates().assign(later=True)
    s = s.merge(later, on=pair, how="left").merge(pace, on="entitlement_key", how="left").merge(first, on="entitlement_key", how="left")
    s[["active_days", "longest_gap", "pace_days"]] = s[["active_days", "longest_gap", "pace_days"]].fillna(0)
    start = s.since.dt.normalize().fillna(r.log_start).clip(lower=r.log_start)
    s["quiet_from"] = (s.last_use + day).fillna(start)
    c0 = before(s.source, pd.Series(r.day, index=s.index))
    s["quiet_days"] = np.maximum(0, c0 - before(s.source, s.quiet_from))
    s["exposure_days"] = np.maximum(0, c0 - before(s.source, start))
    a = s[pair + ["source", "quiet_from"]].merge(leave, on="identity_key")
    a = a[(a.first_day < r.day) & (a.last_day >= a.quiet_from)]
    a["leave_days"] = np.maximum(0, before(a.source, (a.last_day + day).clip(upper=r.day)) - before(a.source, a[["first_day", "quiet_from"]].max(axis=1)))
    s = s.merge(a.groupby(pair).leave_days.sum().reset_index(), on=pair, how="left")
    s["quiet_days"] = np.maximum(0, s.quiet_days - s.leave_days.fillna(0))
    s["person_quiet"] = np.maximum(0, (r.day - s.last_seen.fillna(r.log_start)).dt.days - 1)
    s["lively"] = (s.active_days > 0) & (s.quiet_days <= np.maximum(r.horizon_days, s.pace_days))
    depth = cov[cov.source == r.source].groupby("before").day.min()
    here = cov.loc[(cov.source == r.source) & (cov.day == r.day), "before"].max()
    s["late_use"] = s.last_use >= (np.maximum(0, here - np.maximum(r.horizon_days, s.pace_days))).map(depth) - day
    by = s.groupby("entitlement_key").late_use
    s["x_share"] = ((by.transform("sum") + 0.5) / (by.transform("size") + 1)).round(2)
    if r.ref > 0:
        s = s[s.identity_key.isin(learners)]
    was, shape = s.active_days > 0, s.active_days + 0.7
    awake = np.maximum(0, s.exposure_days - s.quiet_days - s.leave_days.fillna(0))
    s["x_gone"] = np.where(was, np.clip(np.log1p(0.15 * np.exp(np.minimum(30, shape * np.log1p(s.quiet_days / (awake + 10))))) - 1, 0, 11), 0).round(2)
    s["x_ahead"] = np.where(was, np.minimum(9, np.log(np.exp(np.minimum(30, shape * np.log1p(90 / (awake + s.quiet_days + 10)))) - 1)), 0).round(2)
    s["x_active"], s["x_quiet"], s["x_person"] = np.log1p(s.active_days).round(2), np.log1p(s.quiet_days).round(2), np.log1p(s.person_quiet).round(2)
    s["x_pace"] = np.where(was, np.log1p(s.quiet_days / np.maximum(3, s.pace_days)), 0).round(2)
    s["x_late"] = np.where(was, 0, np.minimum(8, s.quiet_days / np.maximum(14, s.first_days.fillna(np.maximum(usual, s.pace_days))))).round(2)
    s["x_apps"] = np.log1p(was.groupby(s.identity_key).transform("sum") - was).round(2)
    s["ref"], s["horizon_days"] = r.ref, r.horizon_days
    states.append(s)
state = pd.concat(states, ignore_index=True)
xs = [c for c in state.columns if c.startswith("x_")]
bins = state[state.ref > 0].assign(was_used=state.active_days > 0).groupby(["was_used"] + xs).agg(n=("ref", "size"), used=("later", "count"))
now = state[state.ref == 0].copy()
fit = read("fit")
def score(s, model):
    b = fit[fit.model == model].set_index("feature").coefficient
    z = b["intercept"] + sum(b.get(x, 0.0) * s[x] for x in xs)
    return (1 / (1 + np.exp(-z.clip(-30, 30)))).round(6)
now["p_use"] = np.where(now.active_days > 0, score(now, "idle_used"), score(now, "idle_never"))
via = hold.merge(read("opens"), on="entitlement_id").merge(
    ent.rename(columns={"entitlement_id": "opens_id", "entitlement_key": "app_key"})[["opens_id", "app_key", "kind"]], on="opens_id")
via = via[via.kind != "app_role"].merge(now[pair + ["quiet_days", "p_use", "lively"]].rename(columns={"entitlement_key": "app_key"}), on=["identity_key", "app_key"], how="left")
via = via.groupby(pair).agg(quiet_days=("quiet_days", "min"), p_use=("p_use", "max"), lively=("lively", "max")).reset_index()
direct = ent.loc[ent.signal == "per_use", "entitlement_key"]
idle = pd.concat([now[pair + ["quiet_days", "p_use", "lively"]], via[~via.entitlement_key.isin(direct)]])

who = who[who.kind == "person"].copy()
who["member"] = (who.accounts > 0) & who.employment.isin(["active", "unknown"]) & who.settled
who["g0"] = ""
who["g1"] = who.peer_department
who["g2"] = who.g1 + "|" + who.peer_title
who["g3"] = who.g2 + "|" + who.peer_location
strength = read("strength").set_index("level").strength
inside = who.merge(read("member_of"), on="identity_key")
peers = hold[pair + ["source"]].merge(who[["identity_key", "member", "g0", "g1", "g2", "g3"]], on="identity_key")
peers = peers.merge(idle.loc[idle.lively == True, pair].assign(uses=True), on=pair, how="left")
peers["uses"] = peers.uses.eq(True)
for level in range(4):
    g = "g" + str(level)
    n = inside[inside.member].groupby([g, "source"]).size().rename("n").reset_index()
    k = peers[peers.member].groupby([g, "entitlement_key"]).agg(k=("uses", "size"), u=("uses", "sum")).reset_index()
    peers = peers.drop(columns=["n", "k", "u"], errors="ignore").merge(n, on=[g, "source"], how="left").merge(k, on=[g, "entitlement_key"], how="left")
    m = np.maximum(0, peers.n.fillna(0) - peers.member)
    mine = np.maximum(0, peers.k.fillna(0) - peers.member)
    mu = np.maximum(0, peers.u.fillna(0) - (peers.member & peers.uses))
    if level == 0:
        peers["n_"], peers["k_"], peers["u_"] = m, mine, mu
        peers["share"], peers["use_share"] = (mine + 0.5) / (m + 1), (mu + 0.5) / (m + 1)
        continue
    on, s = peers[g].notna() & (m >= 5), strength.get(level, 4.0)
    for name, value in [("n_", m), ("k_", mine), ("u_", mu), ("share", (mine + s * peers.share) / (m + s)), ("use_share", (mu + s * peers.use_share) / (m + s))]:
        peers[name] = np.where(on, value, peers[name])
    peers["weight"] = np.where(on, m + s, peers.get("weight", peers.n_ + 4))
def ends(p, w):
    half = 1.6449 * np.sqrt(np.maximum(0, p * (1 - p) / w + 0.6764 / (w * w)))
    return np.maximum(0, (p + 1.3528 / w - half) / (1 + 2.7055 / w)).round(6), np.minimum(1, (p + 1.3528 / w + half) / (1 + 2.7055 / w)).round(6)
peers["low"], peers["high"] = ends(peers.share, peers.weight)
peers["use_low"], peers["use_high"] = ends(peers.use_share, peers.weight)

a = read("idle").merge(idle, on=pair, how="outer", suffixes=("", "_"))
b = read("peer").merge(peers[pair + ["n_", "k_", "share"]].rename(columns={"share": "share_"}), on=pair, how="outer")
off = lambda x, y: ~((x - y).abs() <= 1e-4) & ~(x.isna() & y.isna())
print(json.dumps({"Idle": int((off(a.quiet_days, a.quiet_days_) | off(a.p_use, a.p_use_)).sum()), "IdleRows": len(a),
    "Peer": int((off(b.n, b.n_) | off(b.k, b.k_) | off(b.share, b.share_)).sum()), "PeerRows": len(b)}))
`
