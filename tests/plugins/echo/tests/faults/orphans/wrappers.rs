//! A host is killed with something between it and its plugin.

use tokio::task::JoinSet;

use super::host::{KilledHost, Stage, is_installed, wrappers};

async fn kill_at(launch: String, stage: Stage) {
    let mut host = KilledHost::start(&launch);
    host.reach(stage).await;
    host.kill().await;
}

#[tokio::test]
#[ignore = "slow: .ci/run runs it"]
async fn wrapper_leaves_no_orphan() {
    let mut kills = JoinSet::new();
    for (program, launch) in wrappers() {
        if is_installed(program) {
            kills.spawn(kill_at(launch, Stage::UnderLoad));
        } else {
            eprintln!("NOT TESTED: {program} is not installed");
        }
    }
    kills.join_all().await;
}

#[tokio::test]
#[ignore = "slow: .ci/run runs it"]
async fn wrapper_leaves_no_orphan_before_the_first_connection() {
    let (_, shell) = &wrappers()[0];
    let (_, launcher) = &wrappers()[4];
    let kills = [shell, launcher].map(|launch| kill_at(launch.clone(), Stage::PluginRuns));
    JoinSet::from_iter(kills).join_all().await;
}

/// 200 times with each wrapper, a quarter of them at each stage.
#[tokio::test]
#[ignore = "takes minutes: .ci/long runs it"]
async fn killed_hosts_leave_no_orphan_behind_a_wrapper_200_times() {
    const AT_ONCE: usize = 10;
    for (program, launch) in wrappers() {
        assert!(is_installed(program), "{program} is not installed");
        for round in 0..200 / AT_ONCE {
            let stages = (0..AT_ONCE).map(|kill| Stage::ALL[(round + kill) % Stage::ALL.len()]);
            let kills = stages.map(|stage| kill_at(launch.clone(), stage));
            kills.collect::<JoinSet<()>>().join_all().await;
        }
    }
}
