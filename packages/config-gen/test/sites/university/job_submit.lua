-- Where a job goes when its owner has not said.
function slurm_job_submit(job_desc, part_list, submit_uid)
  if job_desc.partition == nil then
    if job_desc.tres_per_node ~= nil or job_desc.tres_per_job ~= nil then
      job_desc.partition = "gpu"
    else
      job_desc.partition = "standard"
    end
  end
  if job_desc.time_limit == slurm.NO_VAL then
    slurm.log_user("No time limit given: the partition's default will do.")
  end
  return slurm.SUCCESS
end

function slurm_job_modify(job_desc, job_rec, part_list, modify_uid)
  return slurm.SUCCESS
end

return slurm.SUCCESS
