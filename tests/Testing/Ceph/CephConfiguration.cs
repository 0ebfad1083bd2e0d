namespace S3Proxy.Testing.Ceph;

/// <summary>Writes the configuration of a cluster of one monitor, one object store in memory and one gateway, all on 127.0.0.1 and without authentication among them.</summary>
internal static class CephConfiguration
{
    /// <summary>Capacity of the store. Deleted data are freed after half a minute to a minute.</summary>
    private const long StoreBytes = 8L << 30;

    public static string Write(CephDirectory directory, Guid clusterId, int gatewayPort, int monitorPort) =>
        $"""
        [global]
        fsid = {clusterId}
        mon_host = [v2:127.0.0.1:{monitorPort}/0]
        mon_initial_members = a
        public_addr = 127.0.0.1
        public_network = 127.0.0.0/8
        cluster_addr = 127.0.0.1
        cluster_network = 127.0.0.0/8
        ms_bind_ipv4 = true
        ms_bind_ipv6 = false
        ms_bind_msgr1 = false
        ms_mon_client_mode = crc
        ms_client_mode = crc
        ms_cluster_mode = crc
        ms_service_mode = crc
        auth_cluster_required = none
        auth_service_required = none
        auth_client_required = none
        keyring = {directory.Path}/none
        run_dir = {directory.Path}
        admin_socket = {directory.Path}/$name.asok
        log_file = {directory.Path}/$name.log
        log_to_stderr = false
        debug_default = 0/0
        debug_ms = 0/0
        debug_rgw = 0/0
        debug_osd = 0/0
        debug_mon = 0/0
        debug_paxos = 0/0
        debug_rocksdb = 0/0
        mon_client_hunt_interval = 0.4
        mon_client_hunt_interval_backoff = 1.0
        osd_pool_default_size = 1
        osd_pool_default_min_size = 1
        osd_pool_default_pg_num = 4
        osd_pool_default_pgp_num = 4
        osd_pool_default_pg_autoscale_mode = off
        osd_crush_chooseleaf_type = 0
        mon_allow_pool_size_one = true
        mon_max_pg_per_osd = 1000

        [mon]
        mon_data = {directory.MonitorData}
        mon_data_avail_warn = 1
        mon_data_avail_crit = 0
        mon_cluster_log_file = {directory.Path}/cluster.log
        mon_osd_report_timeout = 86400
        mon_osd_full_ratio = 0.99
        paxos_propose_interval = 0.05
        paxos_min_wait = 0.01

        [osd]
        osd_data = {directory.StoreData}
        osd_objectstore = memstore
        memstore_device_bytes = {StoreBytes}
        osd_op_num_shards = 2
        osd_op_num_threads_per_shard = 1

        [client]
        rgw_frontends = beast endpoint=127.0.0.1:{gatewayPort}
        rgw_dns_name = {RadosGateway.HostSuffix}
        rgw_enable_apis = s3, admin
        rgw_thread_pool_size = 64
        rgw_num_rados_handles = 1
        rgw_rados_pool_pg_num_min = 4
        objecter_tick_interval = 0.3
        rgw_enable_usage_log = false
        rgw_enable_ops_log = false
        rgw_enable_lc_threads = false
        rgw_dynamic_resharding = false
        rgw_gc_obj_min_wait = 30
        rgw_gc_processor_period = 30
        rgw_gc_processor_max_time = 30
        rgw_crypt_require_ssl = false
        rgw_s3_auth_use_sts = false

        """;
}
