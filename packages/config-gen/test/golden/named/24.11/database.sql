CREATE DATABASE IF NOT EXISTS `slurm_acct_db`;
CREATE USER IF NOT EXISTS 'slurm'@'%' IDENTIFIED BY 'FakePasswordOfATest';
GRANT ALL PRIVILEGES ON `slurm_acct_db`.* TO 'slurm'@'%';
SET @remove = IF((SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = 'slurm_acct_db' AND table_name = 'cluster_table') > 0, 'DELETE FROM slurm_acct_db.cluster_table WHERE name = ''lab''', 'DO 0');
PREPARE remove FROM @remove;
EXECUTE remove;
