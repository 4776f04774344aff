#include "service/advise.hpp"

#include "service/advise_evidence.hpp"

namespace loadstar::service {

Result<AdviseReport> advise_plant(Session& session, const AdviseRequest& request, Progress& progress) {
    LOADSTAR_TRY(auto gathered, gather_evidence(session, request));
    const auto& evidence = gathered.evidence;
    LOADSTAR_TRY(auto examination, advise::examine(evidence, progress));
    std::vector<std::string> periods;
    for (const auto& bill : evidence.bills) periods.push_back(bill.period.label);
    return AdviseReport{.plant = session.plant().name,
                        .zone = session.plant().time_zone,
                        .grid = evidence.grid,
                        .contract = gathered.contract,
                        .currency = evidence.currency,
                        .window = evidence.window,
                        .periods = std::move(periods),
                        .measured_share = evidence.measured_share(),
                        .emission = evidence.emission,
                        .assumptions = evidence.assumptions,
                        .examination = std::move(examination),
                        .notes = std::move(gathered.notes)};
}

}  // namespace loadstar::service
